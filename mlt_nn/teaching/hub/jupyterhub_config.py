"""The settings of a JupyterHub for one class on one Linux machine; guides/jupyterhub.md says how to use them.

    /srv/mlt-nn/python/bin/jupyterhub -f mlt_nn/teaching/hub/jupyterhub_config.py

It is run as root, by a Python that students may run too. Beside that Python's folder lie

    handout/    what `mlt-nn release` made: each student gets a copy of it
    mnist/      the four files of MNIST, if they are there
    hub/        what the hub keeps, for root alone; with key.pem and certificate.pem in it, the hub answers the network

A student is a user of the machine in the group `students`, and logs in with the password there. A student's server runs
with that user's rights: what keeps one from the files of another, and of yours, are the permissions of the system.
"""

import os
import pwd
import subprocess
import sys
from pathlib import Path

PLACE = Path(sys.prefix).parent
HANDOUT = PLACE / "handout"
HUB = PLACE / "hub"
FOLDER = "mlt-nn-course"

# The new folder is whole or not there. A home is often open to all, and JupyterLab keeps what was typed in it.
_COPY = f"""
umask 077
chmod 700 .
if [ ! -e {FOLDER} ]; then
    rm -rf {FOLDER}.new
    cp -R "$1" {FOLDER}.new
    mv {FOLDER}.new {FOLDER}
fi
"""


def _folder(spawner):
    return Path(pwd.getpwnam(spawner.user.name).pw_dir, FOLDER)


def prepare(spawner):
    """Give a student who has none a copy of the hand-out that nobody else can read."""
    user = pwd.getpwnam(spawner.user.name)
    # With the student's rights, not with root's: a student may have laid a link in that place. And without the hub's
    # environment: a student can read that of each process of theirs.
    subprocess.run(
        ["sh", "-euc", _COPY, "sh", str(HANDOUT)],
        cwd=user.pw_dir,
        env={"PATH": os.defpath},
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        check=True,
    )


HUB.mkdir(mode=0o700, exist_ok=True)
HUB.chmod(0o700)

c = get_config()  # type: ignore[name-defined]  # noqa: F821
certificate, key = HUB / "certificate.pem", HUB / "key.pem"
if certificate.exists() and key.exists():
    c.JupyterHub.bind_url = "https://:443"
    c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = str(certificate), str(key)
else:
    # Without encryption passwords go over no network.
    c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.db_url = f"sqlite:///{HUB / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(HUB / "jupyterhub_cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(HUB / "jupyterhub-proxy.pid")

c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"students"}

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.pre_spawn_hook = prepare
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = [
    # A kernel's outputs can be read by all users of the machine at its ports. So it gets sockets in the home instead.
    "--KernelManager.transport=ipc",
    # A login shell, which a terminal is here otherwise, would look for python3 in its own places first.
    "--ServerApp.terminado_settings={'shell_command': ['bash']}",
]
c.Spawner.notebook_dir = f"~/{FOLDER}"
c.Spawner.default_url = "/lab/tree/course/01_neuron.ipynb"
# One Python for all; the course it runs is each student's own.
c.Spawner.environment = {
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "PYTHONPATH": lambda spawner: str(_folder(spawner)),
    "JUPYTER_CONFIG_PATH": lambda spawner: str(_folder(spawner) / "mlt_nn" / "cli" / "jupyter_config"),
    # The name of a socket may have 107 characters, and the usual place takes up half of them.
    "JUPYTER_RUNTIME_DIR": lambda spawner: str(_folder(spawner).with_name(".jupyter-run")),
    "JUPYTER_PREFER_ENV_PATH": "1",
    # The processors are for all students together.
    "OPENBLAS_NUM_THREADS": "1",
}
if (PLACE / "mnist").is_dir():
    c.Spawner.environment["MLT_NN_DATA"] = str(PLACE / "mnist")
