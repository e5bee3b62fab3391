"""Rebuilds the generated tables of the lexicon from open sources.

    python -m pipeline.build.lexicon SOURCES [--resources FOLDER]

SOURCES has the folders `tickers` (a_share_adata.csv, tw_twse_equities.csv, tw_tpex_equities.csv)
and `places` (provinces.json, cities.csv, areas.csv, HK-MO-TW.json, world_location.txt). The same
sources and curated tables give the same bytes, and a second run changes nothing.
"""

from __future__ import annotations

import tomllib
from itertools import chain
from pathlib import Path

import click

from pipeline.build import divisions, listings
from pipeline.build.merge import Merged, merge_listings
from pipeline.build.tables import Curated, write_table
from pipeline.build.words import OrdinaryWords

_ADATA = (
    "Shares listed in Shanghai, Shenzhen and Beijing that no curated table has.",
    "Source: 1nchaos/adata, adata/stock/cache/code.csv (Apache-2.0); former names are our own.",
)
_TWSTOCK = (
    "Shares and exchange traded funds listed in Taiwan that no curated table has.",
    "Source: mlouielu/twstock, twstock/codes/*.csv. Licence: MIT.",
)
_PLACES = (
    "Divisions, countries and cities that no curated table has.",
    "Sources: modood/Administrative-divisions-of-China (WTFPL 2), "
    "dongrixinyu/JioNLP dictionary/world_location.txt (Apache-2.0).",
)


@click.command()
@click.argument("sources", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--resources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("resources"),
    show_default=True,
    help="Folder with lexicon/ and build/.",
)
@click.option("--clashes", is_flag=True, help="List the names that mean something else, too.")
def main(sources: Path, resources: Path, clashes: bool) -> None:
    """Write lexicon/listings_cn.tsv, listings_tw.tsv and divisions.tsv, and complete the others."""
    counts, merged = build(sources, resources)
    for table, count in counts.items():
        click.echo(f"{count:>6} rows  {table}")
    for listing, row in chain.from_iterable(one.clashes for one in merged) if clashes else ():
        click.echo(f"{listing.ticker} {listing.name} is also {row.label} {row.name}")


def build(sources: Path, resources: Path) -> tuple[dict[str, int], list[Merged]]:
    """Write the tables into `resources/lexicon`.

    Args:
        sources: folder with the open sources.
        resources: folder with `lexicon/` and `build/`.

    Returns:
        Rows by table, and the merged listings.

    Raises:
        OSError, KeyError, ValueError: if a source is missing or has another form.
        ResourceError: if a curated table has a bad row.
    """
    rules = tomllib.loads((resources / "build" / "lexicon.toml").read_text(encoding="utf-8"))
    stop = frozenset(rules["stop"]["names"])
    words = OrdinaryWords(**rules["phrase"], names=rules["ambiguous"]["names"])
    folder, tickers, places = resources / "lexicon", sources / "tickers", sources / "places"
    curated = Curated(folder)
    taiwan = chain(
        listings.taiwan(tickers / "tw_twse_equities.csv", "TW"),
        listings.taiwan(tickers / "tw_tpex_equities.csv", "TWO"),
    )
    former = listings.former_names(resources / "build" / "former_names.tsv")
    mainland = listings.mainland(tickers / "a_share_adata.csv", former)
    merged_cn = merge_listings(mainland, curated, words, stop)
    for row in merged_cn.rows:
        curated.know(row)
    merged_tw = merge_listings(taiwan, curated, words, stop)
    for row in merged_tw.rows:
        curated.know(row)
    all_places = chain(
        divisions.mainland(places),
        divisions.hong_kong_macau_taiwan(places / "HK-MO-TW.json"),
        divisions.world(places / "world_location.txt"),
    )
    curated.write()
    return {
        "listings_cn.tsv": write_table(folder / "listings_cn.tsv", _ADATA, merged_cn.rows),
        "listings_tw.tsv": write_table(folder / "listings_tw.tsv", _TWSTOCK, merged_tw.rows),
        "divisions.tsv": write_table(
            folder / "divisions.tsv", _PLACES, divisions.rows(all_places, curated, words, stop)
        ),
    }, [merged_cn, merged_tw]


if __name__ == "__main__":
    main()
