"""The files of the package, room by room: what is handed out are whole rooms."""

from mlt_nn.support.folders import PROJECT

# What an editor or Python leaves beside them is not among these.
_KINDS = {".css", ".html", ".ini", ".js", ".json", ".py", ".sh", ".txt", ""}


def room_files(rooms, project=PROJECT):
    """The files of folders of `mlt_nn/`, as {"mlt_nn/plots/look.py": its bytes, ...}.

    Arguments:
        rooms: names of folders, as in "plots".
        project: the folder that holds `mlt_nn/`.
    """
    found = [file for room in rooms for file in sorted((project / "mlt_nn" / room).rglob("*"))]
    names = {file.relative_to(project): file for file in found if file.suffix in _KINDS and file.is_file()}
    visible = {name: file for name, file in names.items() if not any(part.startswith(".") for part in name.parts)}
    return {name.as_posix(): file.read_bytes() for name, file in visible.items()}
