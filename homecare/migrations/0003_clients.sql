-- Clients: the people served, their homes, the lines and tags that prove a presence there.

CREATE TABLE clients (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    area_id bigint NOT NULL REFERENCES areas,
    civility text NOT NULL DEFAULT '' CONSTRAINT known_civility CHECK (civility IN ('', 'Mme', 'M.')),
    last_name text NOT NULL CONSTRAINT last_name_given CHECK (last_name <> ''),
    first_name text NOT NULL DEFAULT '',
    fragile boolean NOT NULL DEFAULT false,
    instructions text NOT NULL DEFAULT '',
    ended_on date
);
CREATE INDEX clients_by_name ON clients (organisation_id, last_name, first_name);
CALL protect('clients', 'SELECT, INSERT, UPDATE');
CALL protect_areas('clients');

CREATE TABLE homes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    client_id bigint NOT NULL REFERENCES clients,
    label text NOT NULL DEFAULT 'Domicile',
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    commune_code text NOT NULL DEFAULT '',
    access_notes text NOT NULL DEFAULT '',
    lon double precision CONSTRAINT lon_on_earth CHECK (lon BETWEEN -180 AND 180),
    lat double precision CONSTRAINT lat_on_earth CHECK (lat BETWEEN -90 AND 90),
    home_code text NOT NULL CONSTRAINT home_code_form CHECK (home_code ~ '^[0-9]{6}$'),
    qr_token text NOT NULL,
    CONSTRAINT home_code_is_unique UNIQUE (organisation_id, home_code),
    CONSTRAINT qr_token_is_unique UNIQUE (qr_token)
);
CREATE INDEX homes_of_client ON homes (client_id);
CALL protect('homes', 'SELECT, INSERT, UPDATE');

-- A telephone line may serve several homes of one building (a couple, a shared flat).
CREATE TABLE home_lines (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    home_id bigint NOT NULL REFERENCES homes,
    number text NOT NULL CONSTRAINT number_form CHECK (number ~ '^\+[0-9]{6,15}$'),
    PRIMARY KEY (organisation_id, number, home_id)
);
CALL protect('home_lines', 'SELECT, INSERT, DELETE');

CREATE TABLE home_tags (
    token text PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    home_id bigint NOT NULL REFERENCES homes,
    enrolled_at timestamptz NOT NULL,
    retired_at timestamptz
);
CREATE INDEX home_tags_of_home ON home_tags (home_id);
CALL protect('home_tags', 'SELECT, INSERT, UPDATE');

-- What a worker may have to avoid: a dog, a cat, tobacco…
CREATE TABLE traits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    UNIQUE (organisation_id, name)
);
CALL protect('traits', 'SELECT, INSERT');

CREATE TABLE client_traits (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    client_id bigint NOT NULL REFERENCES clients,
    trait_id bigint NOT NULL REFERENCES traits,
    PRIMARY KEY (client_id, trait_id)
);
CALL protect('client_traits', 'SELECT, INSERT, DELETE');
