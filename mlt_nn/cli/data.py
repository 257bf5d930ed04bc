"""`mlt-nn data`: where the data are; what is missing is downloaded.

MNIST (70,000 handwritten digits) has four files. They are looked for in the folder named in the
environment variable MLT_NN_DATA; if that is not set, in data/mnist in the course's folder, where this
command puts them.
Without them the course runs on the 1,797 digits that it brings along.
"""

import os

from mlt_nn.cli import CommandError


def execute(options):
    """Say what is there and download the rest."""
    from mlt_nn.datasets import DownloadError, download_mnist, mnist_state
    from mlt_nn.datasets.mnist import BUNDLED, DOWNLOADS, VARIABLE, find, not_whole

    try:
        state = mnist_state()
        if os.environ.get(VARIABLE) == BUNDLED:
            print(f"The course uses the 1,797 bundled digits, for {VARIABLE} is {BUNDLED!r}; unset it to use MNIST.")
            state = find(DOWNLOADS)
        if lacks := not_whole(state):
            told = f"MNIST is not whole in {state.folder}: {', '.join(lacks)} missing or damaged."
            if state.folder != DOWNLOADS:
                raise CommandError(
                    f"{told} Put good copies there, or unset {VARIABLE} to have MNIST downloaded into {DOWNLOADS}."
                )
            print(f"{told} Downloading (12 MB).")
            state = download_mnist()
    except DownloadError as error:
        until = "Until it is there the notebooks use the 1,797 digits that the course brings along."
        raise CommandError(f"MNIST could not be downloaded: {error}\n{until}") from error
    except (FileNotFoundError, ValueError) as error:
        raise CommandError(str(error)) from error
    print(f"MNIST is in {state.folder}:")
    for name, file in state.files.items():
        print(f"  {name}: {file.name}, {file.stat().st_size:,} bytes")
    return 0
