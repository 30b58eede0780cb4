"""Draw a fictional French district from a seed and write it as a real OpenStreetMap extract.

A town of 15,000 on a river, a dozen villages 3 to 20 km away, roads of every class, numbered addresses.
Nothing in it exists: names of communes and streets are invented, postal codes and commune codes are of a
range that is used nowhere (99…). Only the coordinates are those of some fields in the middle of France, so
that latitude, tiles and time zone are plausible. The same seed always gives the same district.

    python -m simulators.territory --out var/roads --seed 1

The drawing goes, in order: `terrain` (river, hills), `settlements` (who lives where), `ground` and `country`
(roads between them), `town`, `villages`, `hamlets` and `trails` (streets and ways), `network` (they meet),
`signs`, `naming`, `buildings`, `numbering`, `landcover`, then `pbf` and `addresses` (files); `district` holds
it together. It never imports the product.
"""
