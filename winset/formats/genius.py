"""GENIUS XML: a folder with a domain (`negotiation_template`) and a profile (`utility_space`) a party."""

from __future__ import annotations

from pathlib import Path

from winset.case.model import Case
from winset.errors import CaseError, Fault
from winset.formats import genius_write
from winset.formats.genius_profile import read_profile
from winset.formats.genius_tree import Domain, kinds_of, read_domain
from winset.formats.markup import Element, read_xml
from winset.formats.outside import Reader, files_in, raise_if_any
from winset.formats.scenario import Profile, Scenario, to_case

ID = "genius"
TITLE = "GENIUS XML"
_TEMPLATE, _SPACE = "negotiation_template", "utility_space"
_FORM = f"a scenario has a file with the root <{_TEMPLATE}> and one with <{_SPACE}> for each party"

save = genius_write.save


def recognises(path: Path) -> bool:
    """Whether the path is a folder with XML files, or one of them."""
    return bool(files_in(path, ".xml"))


def load(path: Path) -> Case:
    """Read the scenario in a folder; CaseError with all faults."""
    name = path.resolve().name
    if not path.is_dir():
        way_out = f"name the folder `{path.resolve().parent}`"
        raise CaseError([Fault("is one file of a GENIUS scenario", way_out, file=path.name)])
    roots, faults = _roots(path)
    domain_file, domain = _domain(roots, faults, name)
    profiles: list[Profile] = []
    for file, root in _profiles(roots, domain_file).items():
        reader = Reader(file, faults)
        profiles.append(read_profile(root, domain, Path(file).stem, reader))
    if not profiles:
        faults.append(Fault(f"there is no profile with evaluations in <{_SPACE}>", _FORM, file=name))
    raise_if_any(faults)
    scenario = Scenario(domain.title or name, domain.topics, tuple(profiles))
    return to_case(scenario, "GENIUS scenario", name)


def _roots(path: Path) -> tuple[dict[str, Element], list[Fault]]:
    """The root of every XML file that belongs to a scenario, by file; the rest is left alone."""
    roots: dict[str, Element] = {}
    faults: list[Fault] = []
    for file in files_in(path, ".xml"):
        try:
            root = read_xml(file)
        except CaseError as error:
            faults += error.faults
        else:
            if root.tag in (_TEMPLATE, _SPACE):
                roots[file.name] = root
    if not (roots or faults):
        faults.append(Fault("no XML file here is one of GENIUS", _FORM, file=path.resolve().name))
    return roots, faults


def _domain(roots: dict[str, Element], faults: list[Fault], folder: str) -> tuple[str, Domain]:
    """The domain and its file: the template, else the space without evaluations, else a profile's issues."""
    templates = [file for file, root in roots.items() if root.tag == _TEMPLATE]
    bare = [file for file, root in roots.items() if root.tag == _SPACE and not _evaluates(root)]
    found = templates or bare or sorted(roots)[:1]
    if not found:
        raise_if_any(faults)
    before = len(faults)
    domains = [read_domain(roots[file], Reader(file, faults)) for file in found]
    if len(faults) > before:  # nothing can be said of profiles; other files' faults wait for theirs
        raise_if_any(faults)
    for file, other in zip(found[1:], domains[1:], strict=True):
        if kinds_of(other) != kinds_of(domains[0]):
            message = f"states another domain than {found[0]}"
            faults.append(Fault(message, f"keep one of the two domain files in {folder}", file=file))
            raise_if_any(faults)
    return (found[0] if templates or bare else ""), domains[0]


def _profiles(roots: dict[str, Element], domain_file: str) -> dict[str, Element]:
    """The profiles, by file: every space but the domain, and but those that judge nothing."""
    spaces = {file: root for file, root in roots.items() if root.tag == _SPACE and file != domain_file}
    return {file: root for file, root in spaces.items() if _evaluates(root) or _weighs(root)}


def _evaluates(root: Element) -> bool:
    return any(part.tag == "evaluator" or "evaluation" in part.attributes for part in root.walk())


def _weighs(root: Element) -> bool:
    return any(part.tag == "weight" for part in root.walk())
