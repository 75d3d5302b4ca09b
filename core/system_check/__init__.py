"""Health checks: this machine, its models, and TensorFlow in a separate process."""

from core.system_check import app_checks, machine_checks, model_check
from core.system_check.app_checks import (
    CheckResult,
    camera_over,
    check_app,
    check_browser_eye,
)
from core.system_check.machine_checks import (
    APP_PORT,
    PackageVersion,
    check_machine,
    check_port,
    check_tensorflow,
    package_versions,
    served_port,
)
from core.system_check.model_check import broken, check_models, summarise_models

__all__ = [
    "APP_PORT",
    "CheckResult",
    "PackageVersion",
    "app_checks",
    "broken",
    "camera_over",
    "check_app",
    "check_browser_eye",
    "check_machine",
    "check_models",
    "check_port",
    "check_tensorflow",
    "machine_checks",
    "model_check",
    "package_versions",
    "served_port",
    "summarise_models",
]
