"""`mlt-nn data`: where the data are; what is missing is downloaded."""

import sys


def configure(parser):
    """Describe the command's arguments: there are none."""
    parser.epilog = "\n".join(
        [
            "MNIST (70,000 handwritten digits) has four files. They are looked for in the folder named in the",
            "environment variable MLT_NN_DATA; if that is not set, in data/mnist in the course's folder, where this",
            "command puts them.",
            "Without them the course runs on the 1,797 digits that it brings along.",
        ]
    )


def execute(options):
    """Say what is there and download the rest. Returns 1 when that fails."""
    from mlt_nn.datasets import DownloadError, download_mnist, mnist_state

    try:
        state = mnist_state()
        if state.source != "MNIST":
            missing = [name for name, file in state.files.items() if file is None]
            print(f"MNIST is not whole in {state.folder}: {', '.join(missing)} missing. Downloading (12 MB).")
            state = download_mnist()
    except DownloadError as error:
        print(f"MNIST could not be downloaded: {error}", file=sys.stderr)
        print("Until it is there the notebooks use the 1,797 digits that the course brings along.", file=sys.stderr)
        return 1
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"MNIST is in {state.folder}:")
    for name, file in state.files.items():
        print(f"  {name}: {file.name}, {file.stat().st_size:,} bytes")
    return 0
