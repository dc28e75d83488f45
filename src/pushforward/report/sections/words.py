"""The sections that say in words which state of a run is judged, and what an older verdict found."""

from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, section, tag


def state(judged: Judged) -> Html:
    """Return which state of a run was judged and why; nothing of samples that no run made."""
    said = judged.sentences.get("state")
    return section("state", "Which state of the run", tag("p", said)) if said else Html()


def words(judged: Judged) -> Html:
    """Return the words of a verdict that does not say what each is about; else nothing, as each stands in its place."""
    lines = [] if judged.sentences else str(judged.verdict.get("verdict") or "").splitlines()
    return section("words", "What was found", tag("ul", *(tag("li", line) for line in lines)) if lines else "")


def about(judged: Judged, *topics: str) -> Html:
    """Return the sentences of a verdict on some topics, a paragraph each."""
    said = [judged.sentences[topic] for topic in topics if judged.sentences.get(topic)]
    return Html("".join(tag("p", sentence) for sentence in said))
