-- Where a punch is in its place: a radius per client and per home, the check off for one client, other places
-- agreed with a client, and what telephones found to be elsewhere. No position of a worker is stored anywhere.

ALTER TABLE clients
    ADD COLUMN checks_place boolean NOT NULL DEFAULT true,
    ADD COLUMN radius_metres integer
        CONSTRAINT sensible_client_radius CHECK (radius_metres BETWEEN 50 AND 2000);
ALTER TABLE homes
    ADD COLUMN radius_metres integer
        CONSTRAINT sensible_home_radius CHECK (radius_metres BETWEEN 50 AND 2000);

-- A day centre is one site agreed with several clients; a family's home, with one.
CREATE TABLE sites (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    kind text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('family', 'day_centre', 'other')),
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    lon double precision CONSTRAINT lon_on_earth CHECK (lon BETWEEN -180 AND 180),
    lat double precision CONSTRAINT lat_on_earth CHECK (lat BETWEEN -90 AND 90),
    radius_metres integer CONSTRAINT sensible_radius CHECK (radius_metres BETWEEN 50 AND 2000)
);
CALL protect('sites', 'SELECT, INSERT, UPDATE');

CREATE TABLE site_clients (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    site_id bigint NOT NULL REFERENCES sites,
    client_id bigint NOT NULL REFERENCES clients,
    PRIMARY KEY (site_id, client_id)
);
CREATE INDEX site_clients_of_client ON site_clients (client_id);
CALL protect('site_clients', 'SELECT, INSERT, DELETE');

-- A punch that its worker's telephone said was made elsewhere: the reason, and who has looked at it.
CREATE TABLE place_exceptions (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    punch_id bigint PRIMARY KEY,
    punched_at timestamptz NOT NULL,
    area_id bigint REFERENCES areas,
    worker_id bigint NOT NULL REFERENCES workers,
    reason text CONSTRAINT known_reason CHECK (reason IN
        ('nearby', 'accompanying', 'wrong_position', 'late_gesture', 'other')),
    comment text NOT NULL DEFAULT '',
    explained_at timestamptz,
    seen_at timestamptz,
    seen_by bigint REFERENCES users,
    CONSTRAINT explained_with_reason CHECK ((reason IS NULL) = (explained_at IS NULL))
);
CREATE INDEX place_exceptions_by_time ON place_exceptions (organisation_id, punched_at DESC);
CALL protect('place_exceptions', 'SELECT, INSERT, UPDATE');
CALL protect_areas('place_exceptions');
