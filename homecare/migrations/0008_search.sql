-- Searching names as people type them: without accents or capitals, a hyphen being a blank.

CREATE FUNCTION plain(spelt text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT translate(replace(lower(spelt), 'œ', 'oe'),
                     'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ''’-',
                     'aaaaaaceeeeiiiinooooouuuuyy   ')
$$;
