"""The checks, in the order in which they are told: each is a pure function of what was seen."""

from collections.abc import Callable, Mapping

from bridge.doctor.checks import flow, placing, sides
from bridge.doctor.checks.weight import weight
from bridge.doctor.report import Check, Evidence, Report, report
from bridge.doctor.sight import Sight

CHECKS: Mapping[str, Callable[[Sight], Check]] = {
    "tag": placing.tag,
    "runtime": placing.runtime,
    "segment": sides.segment,
    "kameleoon": sides.kameleoon,
    "project": sides.project,
    "visitor": sides.visitor,
    "exposures": flow.exposures,
    "events": flow.events,
    "custom-data": flow.custom_data,
    "consent": flow.consent,
    "csp": placing.csp,
    "snippets": placing.snippets,
    "secrets": placing.secrets,
    "weight": weight,
}
_TRIED = "Tried inside the intercepted page: "


def judge(sight: Sight) -> Report:
    """Return what is to be said of what was seen: one check for each thing that should be true."""
    checks = [check(sight) for check in CHECKS.values()]
    for trial in sight.trials:
        after = CHECKS[trial.check](trial.sight)
        healed = after.status in ("pass", "n/a")
        for check in checks:
            if check.id == trial.check and check.fix:
                outcome = "it heals this check" if healed else f"this check is still {after.status}: {after.what}"
                check.evidence.append(Evidence(kind="proof", where=trial.change, value=outcome))
                if healed:
                    check.fix.text += f". {_TRIED}it heals this"
    return report(sight.url, sight.final_url, sight.versions, checks)
