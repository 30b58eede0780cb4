-- Whether workers' telephones compare where they are with the home when a punch is made. Off until somebody
-- switches it on. The telephone compares by itself and says one word: no position is stored anywhere.
CREATE TABLE place_settings (
    organisation_id bigint PRIMARY KEY DEFAULT current_organisation() REFERENCES organisations,
    is_on boolean NOT NULL,
    radius_metres integer NOT NULL CONSTRAINT sensible_radius CHECK (radius_metres BETWEEN 50 AND 2000)
);
CALL protect('place_settings', 'SELECT, INSERT, UPDATE');

-- Where telephones find no satellite the check is switched off for that home alone.
ALTER TABLE homes ADD COLUMN checks_place boolean NOT NULL DEFAULT true;
