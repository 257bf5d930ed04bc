# @title Run this cell first: it brings the course, and keeps what you write
keep_in_my_drive = True  # @param {type:"boolean"}


def bring_course(keep, *modules):
    """Google Colab and Kaggle have this notebook without the files beside it; anywhere else nothing is done."""
    import importlib.util
    import os
    import subprocess
    import sys
    import tempfile
    import time
    import types
    from pathlib import Path

    repository = "https://github.com/YOU/COURSE"
    name = repository.rpartition("/")[2]
    in_colab = "google.colab" in sys.modules
    if not in_colab and "KAGGLE_KERNEL_RUN_TYPE" not in os.environ:
        return
    course = Path.cwd() / name
    if not course.exists():
        with tempfile.TemporaryDirectory(dir=course.parent) as private:
            clone = ["git", "clone", "--quiet", "--depth", "1", repository, f"{private}/{name}"]
            done = subprocess.run(clone, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(
                    f"The course could not be brought from {repository}. Can this computer reach the internet (on "
                    f"Kaggle that is a setting of the notebook), and may everybody read the repository? git says:\n"
                    f"{done.stderr}"
                )
            os.rename(f"{private}/{name}", course)
    lacking = [package for package in ("anywidget", "pytest") if importlib.util.find_spec(package) is None]
    if lacking:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *lacking], check=True)
    if str(course) not in sys.path:
        sys.path.insert(0, str(course))
    os.environ["PYTHONPATH"] = str(course)
    if "imp" not in sys.modules and importlib.util.find_spec("imp") is None:
        # Colab's IPython takes one function from a module that Python has had no more since 3.12.
        imp = types.ModuleType("imp")
        imp.__dict__["reload"] = importlib.reload
        sys.modules["imp"] = imp

    from mlt_nn.support.catalogue import MODULES
    from mlt_nn.support.writing import write_bytes

    if not in_colab:
        print(f"The course is in {course}. To keep what you write there, choose Persistence: Files in the settings.")
        return
    files = {module: course / "mlt_nn" / f"{module}.py" for module in MODULES}
    kept = course.parent / "drive" / "MyDrive" / name
    if keep or any(file.is_symlink() for file in files.values()):
        try:
            importlib.import_module("google.colab.drive").mount(str(course.parent / "drive"))
            kept.mkdir(parents=True, exist_ok=True)
        except Exception as error:  # whoever says no to Colab's question gets one of several
            print(f"Your Drive was not opened: {error}")
    is_kept = kept.is_dir()
    for module, file in files.items() if is_kept else ():
        if file.is_symlink():
            continue
        mine, link = kept / f"{module}.py", file.with_suffix(".link")
        if not mine.exists():
            write_bytes(mine, file.read_bytes())
        elif subprocess.run(["git", "diff", "--quiet", "--", file], cwd=course).returncode:
            other = kept / f"{module} {time.strftime('%Y-%m-%d %H-%M-%S')}.py"
            write_bytes(other, file.read_bytes())
            print(f"Your Drive has a {mine.name} of an earlier day, which counts. What you wrote today is in {other}.")
        link.unlink(missing_ok=True)
        link.symlink_to(mine)
        os.replace(link, file)

    from IPython.display import HTML, display

    from mlt_nn.grading.report import link_to

    display(HTML("Your files: " + ", ".join(map(link_to, modules))))
    if is_kept:
        os.environ["MLT_NN_STATE"] = str(kept)
        print(f"They are kept in your Drive, in the folder {name}. This notebook is not: File, Save a copy in Drive.")
    else:
        print("They are lost when Colab ends this session: tick the box and run this cell again, or download them.")
