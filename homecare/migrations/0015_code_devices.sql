-- Code devices: a small box, or an authenticator on the client's tablet, that shows eight digits changing every 30 s.
-- secret: sealed under the installation's master key. drift: by how many steps of 30 s the device is ahead (learnt).
CREATE TABLE code_devices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    home_id bigint NOT NULL REFERENCES homes,
    label text NOT NULL CONSTRAINT label_given CHECK (label <> ''),
    secret bytea NOT NULL,
    drift integer NOT NULL DEFAULT 0,
    added_at timestamptz NOT NULL,
    used_at timestamptz,
    retired_at timestamptz
);
CREATE INDEX code_devices_of_home ON code_devices (home_id);
CALL protect('code_devices', 'SELECT, INSERT, UPDATE');

-- Which codes have served, and which call they served: none serves another. read_at: the device's time, real;
-- ahead: steps by which the device was ahead of the call, below zero when the code was read before it.
CREATE TABLE code_uses (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    device_id bigint NOT NULL REFERENCES code_devices,
    step bigint NOT NULL,
    call text NOT NULL,
    called_at timestamptz NOT NULL,
    read_at timestamptz NOT NULL,
    ahead integer NOT NULL,
    PRIMARY KEY (device_id, step)
);
CREATE INDEX code_uses_by_time ON code_uses (device_id, called_at DESC);
CALL protect('code_uses', 'SELECT, INSERT');

-- What is known already stays known: the new words join those that stand.
DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE punch_refusals DROP CONSTRAINT known_status, ADD CONSTRAINT known_status CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'punch_refusals'::regclass AND conname = 'known_status'),
        $words$status IN ('rolling_wrong', 'rolling_expired', 'rolling_used', 'rolling_inactive')$words$);
END $$;
