"""Turn an OpenStreetMap extract into what the product needs of a territory.

Out of any `.osm.pbf` come the road graphs (car, bike, foot) that `optimizer.travel` loads, the vector tiles
of the map (`map.pmtiles`) and the list of addresses (`addresses.csv`). Run once at set-up:

    python -m optimizer.roads build --pbf territory.osm.pbf --out var/roads

It never computes a journey and never reads the database.
"""
