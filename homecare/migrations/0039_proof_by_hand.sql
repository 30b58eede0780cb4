-- The best grade of one gesture, as before; a punch that a person linked although its source did not name both the
-- visit's home and a worker counts as declared.
CREATE OR REPLACE FUNCTION best_proof(visit bigint, which text, at timestamptz, own text) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(min(CASE WHEN d.is_proved IS FALSE THEN 'D' ELSE p.proof END), own)
    FROM punch_matches m JOIN punches p ON p.id = m.punch_id AND p.punched_at = m.punched_at
    LEFT JOIN punch_decisions d ON d.punch_id = m.punch_id AND d.taken_back_at IS NULL AND d.outcome = 'linked'
    WHERE m.visit_id = visit AND m.edge = which AND m.punched_at = at AND p.punched_at = at
$$;
