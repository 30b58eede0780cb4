-- Why a visit was cancelled and by whom: what a correction, an invoice or a contested absence is judged by. Visits
-- cancelled before keep no reason, and what a program cancels is nobody's.
ALTER TABLE visits
    ADD COLUMN cancel_reason text,
    ADD COLUMN cancel_words text NOT NULL DEFAULT '',
    ADD COLUMN cancelled_by bigint REFERENCES users,
    ADD CONSTRAINT known_cancel_reason
        CHECK (cancel_reason IN ('hospital', 'away', 'client_wish', 'entry_error', 'other')),
    ADD CONSTRAINT cancel_words_not_too_long CHECK (length(cancel_words) <= 200),
    ADD CONSTRAINT other_reason_is_told CHECK (cancel_reason <> 'other' OR cancel_words <> ''),
    ADD CONSTRAINT reason_of_what_is_cancelled
        CHECK (cancelled_at IS NOT NULL OR (cancel_reason IS NULL AND cancel_words = '' AND cancelled_by IS NULL));
CREATE INDEX visits_cancelled_by ON visits (cancelled_by, cancelled_at) WHERE cancelled_by IS NOT NULL;
