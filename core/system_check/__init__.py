"""What is installed and works: this machine, its models, TensorFlow in a process."""

from core.system_check import checks, model_check, readiness
from core.system_check.checks import (
    APP_PORT,
    PackageVersion,
    check_machine,
    check_port,
    check_tensorflow,
    package_versions,
    served_port,
)
from core.system_check.model_check import broken, check_models, summarise_models
from core.system_check.readiness import CheckResult, camera_over, check

__all__ = [
    "APP_PORT",
    "CheckResult",
    "PackageVersion",
    "broken",
    "camera_over",
    "check",
    "check_machine",
    "check_models",
    "check_port",
    "check_tensorflow",
    "checks",
    "model_check",
    "package_versions",
    "readiness",
    "served_port",
    "summarise_models",
]
