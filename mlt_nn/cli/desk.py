"""What JupyterLab's server does otherwise in the course: named in `jupyter_config/jupyter_server_config.json`.

The lists of files leave out what a reader never opens. A kernel knows the course before the first cell, so that it can
tell what that cell would have brought, and is spoken with in cipher.
"""

import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets import default

_OUT_OF_SIGHT = {
    "": {"LICENSE", "pyproject.toml", "tests"},
    "course": {"course.toml", "nbval.cfg", "source"},
    "mlt_nn": {"__init__.py", "__main__.py", "cli", "datasets", "grading", "plots", "support", "widgets"},
}


class Files(LargeFileManager):
    """The files of the course's folder."""

    def get(self, path, *args, **kwargs):
        """A file, or a folder with the list of what is in sight in it."""
        model = super().get(path, *args, **kwargs)
        if model["type"] == "directory" and model["content"] is not None:
            hidden = _OUT_OF_SIGHT.get(path.strip("/"), ())
            model["content"] = [each for each in model["content"] if each["name"] not in hidden]
        return model


class Kernels(KernelSpecManager):
    """How kernels are started."""

    def get_kernel_spec(self, kernel_name):
        """The command of a kernel; Python's own loads `mlt_nn.support.notebook`."""
        spec = super().get_kernel_spec(kernel_name)
        if kernel_name == "python3":
            spec.argv = [*spec.argv, "--ext=mlt_nn.support.notebook"]
        return spec


class Kernel(ServerKernelManager):
    """A kernel and the way to it."""

    @default("transport_encryption")
    def _in_cipher(self):
        # In plain text the kernel would warn of eavesdroppers, in the reader's terminal.
        return "auto" if zmq.has("curve") else "disabled"
