"""Stage `entities`: names of people, companies, places, products and the like.

Sources propose mentions: the header, `lexicon`, `patterns`, `persons`, `products`, `events`, the
statistical tagger by way of `tagged`, then `aliases`, which the article explains by them.
`mentions.resolve` decides where they overlap, and the tokens are made to agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.chain import BaseStage
from pipeline.config import EntitySettings
from pipeline.document import Document, Entity, Field
from pipeline.resources import Resources
from pipeline.stages.entities.aliases import Aliases
from pipeline.stages.entities.events import Events
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.mentions import Mention, Proposal, outcomes, resolve
from pipeline.stages.entities.patterns import Patterns
from pipeline.stages.entities.persons import Persons
from pipeline.stages.entities.products import Products
from pipeline.stages.tokens import merge_tokens, split_tokens

if TYPE_CHECKING:
    from pipeline.stages.entities.spacy_model import SpacyModel
    from pipeline.stages.entities.tagged import Tagged

_POS = {"PERSON": "nr", "ORG": "nt", "GPE": "ns", "LOC": "ns", "TICKER": "eng"}


class EntityRecognizer(BaseStage):
    """Fills `entities`, and makes each of them one token (or splits tokens at their borders).

    Args:
        settings: see `EntitySettings`.
        resources: where `lexicon/*.tsv`, `entities.toml` and the tagger's weights are looked up.

    Raises:
        ResourceError: if a lexicon has a bad row, or the weights cannot be used.
        SettingsError: if the spaCy pipeline cannot be used.
    """

    name = "entities"
    requires: tuple[str, ...] = ("text", "tokens", "metadata")
    provides: tuple[str, ...] = ("entities",)

    def __init__(
        self, settings: EntitySettings | None = None, resources: Resources | None = None
    ) -> None:
        self.settings = settings or EntitySettings()
        resources = resources or Resources()
        self._lexicon = Lexicon(resources)
        self._patterns = Patterns(resources, self._lexicon)
        self._persons = Persons(resources)
        rules = resources.toml("entities.toml")
        self._products = Products(rules, self._lexicon)
        self._events = Events(rules)
        self._aliases = Aliases(rules, self._lexicon)
        self._tagged = _tagged(resources) if self.settings.tagger else None
        self._spacy = _spacy_model(self.settings.spacy_model, self._lexicon)

    def prepare(self, documents: Sequence[Document]) -> None:
        """Let the tagger work on all documents at once: for one it takes twice the time."""
        if self._tagged is not None:
            self._tagged.prepare(documents)

    def find(self, document: Document) -> list[Mention]:
        """What all sources agree on: mentions without overlap, in order."""
        return resolve(self._proposed(document, []))

    def proposals(self, document: Document) -> list[Proposal]:
        """Everything that the sources propose, in order, with what became of it.

        Args:
            document: as it comes to this stage; it stays as it is.
        """
        contradicted: list[Mention] = []
        proposed = self._proposed(document, contradicted)
        return outcomes(proposed, contradicted)

    def refusals(self, document: Document, start: int, end: int) -> Iterator[tuple[str, str]]:
        """For each source that proposes nothing at a span of the text, its name and the reason.

        Args:
            document: as it comes to this stage; it stays as it is.
        """
        proposed = {
            p.mention.by.removeprefix("agreement:").split(":")[0]
            for p in self.proposals(document)
            if p.mention.start < end and start < p.mention.end
        }
        if "header" not in proposed:
            yield "header", "the article's header names no such publisher or author"
        if "lexicon" not in proposed:
            yield "lexicon", self._lexicon.held_back(document, start, end)
        if "pattern" not in proposed:
            yield "pattern", "no ticker, title in 《》, version, suffix, model number or event"
            yield "pattern:person", self._persons.lacks(document, start, end)
        if "alias" not in proposed:
            yield "alias", "the article does not explain it as a name's short or Latin form"
        if self._spacy is not None and "spacy" not in proposed:
            yield (
                "spacy",
                "the spaCy pipeline sees no name there, or is outranked",
            )
        if self._tagged is None:
            yield "tagger", "it is switched off"
        elif "tagger" not in proposed:
            yield "tagger", self._tagged.refused(document, start, end)

    def _proposed(self, document: Document, contradicted: list[Mention]) -> list[Mention]:
        """What the sources propose; what the tagger speaks against goes to `contradicted`."""
        text, tokens = document.text, document.tokens
        known = self._lexicon.find(text, tokens)
        proposed = [
            *known,
            *_header_names(document, self._lexicon),
            *self._patterns.find(text, tokens, known),
            *self._persons.find(text, tokens),
            *self._products.find(text, known),
            *self._events.find(text, tokens),
        ]
        if self._spacy is not None:
            proposed += self._spacy.find(document, proposed)
        if self._tagged is None:
            return [*proposed, *self._aliases.find(text, tokens, proposed)]
        tags = self._tagged.find(document, proposed)
        kept = tags.kept(proposed, text)
        contradicted += _without(proposed, kept)
        named = [*kept, *tags.mentions]
        return [*named, *self._aliases.find(text, tokens, named, tags.company_starts())]

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`."""
        mentions = resolve(self._proposed(document, []))
        document.entities = [_entity(document, mention) for mention in mentions]
        if self.settings.merge_tokens:
            spans = [(e.start, e.end, _POS.get(e.label, "nz")) for e in document.entities]
            document.tokens = merge_tokens(document.text, document.tokens, spans)
        else:
            borders = [b for e in document.entities for b in (e.start, e.end)]
            document.tokens = split_tokens(document.tokens, borders)


def _without(mentions: list[Mention], others: list[Mention]) -> list[Mention]:
    """The mentions that are none of `others`."""
    left = {id(mention) for mention in others}
    return [mention for mention in mentions if id(mention) not in left]


def _tagged(resources: Resources) -> Tagged:
    # numpy, and the weights, are loaded only where the tagger is used.
    from pipeline.stages.entities.tagged import Tagged

    return Tagged(resources)


def _spacy_model(name: str | None, lexicon: Lexicon) -> SpacyModel | None:
    if name is None:
        return None
    from pipeline.stages.entities.spacy_model import SpacyModel

    return SpacyModel(name, lexicon)


def _header_names(document: Document, lexicon: Lexicon) -> Iterator[Mention]:
    """Publisher and author, where the header names them and wherever else they stand."""
    fields = (("publisher", "ORG"), ("author", "PERSON"))
    for name, label in fields:
        field: Field | None = getattr(document.metadata, name)
        if field is None:
            continue
        entry = lexicon.entry(field.text)
        if entry is not None and entry.label != label:
            entry = None
        for match in re.finditer(re.escape(field.text), document.text):
            here = match.start() == field.start
            by = f"header:{name}" if here else f"agreement:header:{name}"
            yield Mention(*match.span(), label, by, rank=1, score=0.9 if here else 0.8, entry=entry)


def _entity(document: Document, mention: Mention) -> Entity:
    text = document.text[mention.start : mention.end]
    entry = mention.entry
    return Entity(
        mention.start,
        mention.end,
        text,
        mention.label,
        entry.id if entry else None,
        entry.name if entry else text,
        list(entry.tickers) if entry else [],
        *document.source_span(mention.start, mention.end),
        by=mention.by,
        score=mention.score,
    )
