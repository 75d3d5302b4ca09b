"""Templates of the exported notebook's cells; words in <angle brackets> are filled in."""

from __future__ import annotations

INTRODUCTION = """\
# Train <name> on another machine

This notebook trains one model, exactly as Mien would on the machine it comes from:

* recipe **<recipe>** (<title>), <epochs> epochs at most, seed <seed><changes>
* on **<dataset>**<classes>

Run the cells from top to bottom. A GPU is used where TensorFlow finds one (in Colab: *Runtime >
Change runtime type*), and is much faster; it also works without. Nothing is sent anywhere:
the pictures and the model stay on the machine that runs this notebook.
<extras>"""

INSTALL_TEXT = """\
## 1. Requirements

Installs the packages that training uses, in the versions that Mien was tested with. Packages that
are there already are not installed again."""

INSTALL = """\
import importlib.metadata
import platform
import shutil
import subprocess
import sys

NEEDED = <needed>
TENSORFLOW = "<tensorflow>"


def installed(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


if not (3, 11) <= sys.version_info < (3, 14):
    raise RuntimeError(f"Python 3.11 to 3.13 is needed, this is {platform.python_version()}.")
missing = [f"{name}=={wanted}" for name, wanted in NEEDED.items() if installed(name) != wanted]
has_gpu = shutil.which("nvidia-smi") is not None
if has_gpu and installed("tensorflow") != TENSORFLOW:
    missing.append(f"tensorflow[and-cuda]=={TENSORFLOW}")
elif TENSORFLOW not in (installed("tensorflow"), installed("tensorflow-cpu")):
    build = "tensorflow" if sys.platform == "darwin" else "tensorflow-cpu"
    missing.append(f"{build}=={TENSORFLOW}")
if missing:
    print("Installing", ", ".join(missing))
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)
print("Everything is installed.", "There is a GPU." if has_gpu else "There is no GPU.")"""

UNPACK_TEXT = """\
## 2. Mien's own code

The next cell holds the part of Mien that trains (<archive_kb> KB, packed), the plan, and how the
dataset is divided. It unpacks them into the folder `<folder>` beside this
notebook."""

UNPACK = '''\
import base64
import io
import tarfile
from pathlib import Path

HOME = Path("<folder>").resolve()
ARCHIVE = """
<archive>
"""
with tarfile.open(fileobj=io.BytesIO(base64.b64decode(ARCHIVE)), mode="r:bz2") as archive:
    if not (HOME / "plan.json").exists():  # a run that was started keeps its folder
        archive.extractall(HOME, filter="data")


def mien(*words):
    """Run a part of Mien in its own process, and show its output."""
    command = [sys.executable, "-u", "-m", "core.training.remote.bundle_runner", *words]
    with subprocess.Popen(
        command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines = []
        for line in process.stdout:
            print(line, end="")
            lines.append(line.rstrip())
    if process.returncode:
        raise RuntimeError("It did not work; the last line above says why and what to do.")
    return lines


print("Unpacked to", HOME)'''

DATA_TEXT = """\
## 3. The pictures

They do not come with this notebook. Bring **<dataset>** to this machine, under the name it has in
Mien (<file>), and give its path below: a file or a folder. In Colab, drag it into the *Files*
panel on the left (<in_colab>), or mount your Drive there (<in_drive>).
The cell checks whether they are the pictures that the plan was made for."""

DATA = """\
path = input("Path of the dataset: ").strip()
mien("check", str(Path(path).expanduser().resolve()))"""

TRAIN_TEXT = """\
## 4. Train

One line per epoch, and a checkpoint after each: if this cell is stopped or the connection is lost,
run it again to resume."""

TRAIN = """\
mien("train")"""

PACK_TEXT = """\
## 5. Download the model

Zips the model with its model card, which holds its metrics. Unpack the file into the folder
`models` of your Mien: the model then appears like any other."""

PACK = """\
zip_file = mien("pack")[-1]
try:
    from google.colab import files
except ImportError:
    print("Download it from there.")
else:
    files.download(zip_file)"""
