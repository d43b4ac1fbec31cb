"""A template in use is changed on disk: recipes go on with it as it was, over a restart too."""

from __future__ import annotations

from click.testing import CliRunner

from app import Composition
from runtime.commands import bookrelay
from tests.events import estimate_accepted
from tests.harness import Harness

USE = """\
recipe: 1
id: north
name: Accepted estimates, north branch
use: accepted-estimate@1
"""


def test_a_version_in_use_never_changes_under_its_recipes(harness: Harness) -> None:
    folder = harness.data / "recipes"
    shipped = folder / "estimate-accepted-to-estimate.yaml"
    shipped.write_text(shipped.read_text().replace("\nwhen:", "\nenabled: false\nwhen:", 1))
    (folder / "north.yaml").write_text(USE)
    harness.tick()
    assert harness.relay.shelf.problems == ()
    template = folder / "templates" / "accepted-estimate@1.yaml"
    template.write_text(template.read_text().replace("CRM estimate {{", "Offer {{"))
    for start_again in (lambda: None, harness.again):
        start_again()
        harness.tick()
        (problem,) = harness.relay.shelf.problems
        assert (problem.file, problem.rule) == (
            "recipes/templates/accepted-estimate@1.yaml",
            "template-changed",
        )
        checked = CliRunner().invoke(
            bookrelay, ["check", "--data", str(harness.data)], obj=Composition()
        )
        assert checked.exit_code == 1
        assert "[template-changed]" in checked.stdout
    # An edit of the recipe itself is accepted, with the template as it was.
    (folder / "north.yaml").write_text(USE + "owner: north@example.com\n")
    harness.tick()
    (north,) = [each for each in harness.relay.shelf.live if each.recipe.id == "north"]
    assert (north.revision, north.recipe.owner) == (2, "north@example.com")
    harness.post(estimate_accepted())
    harness.work()
    (estimate,) = harness.records("Estimate")
    assert estimate["PrivateNote"].startswith("CRM estimate ")
