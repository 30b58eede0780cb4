-- Easy French (« facile à lire et à comprendre ») beside the five languages of the telephone.
ALTER TABLE workers DROP CONSTRAINT known_language;
ALTER TABLE workers ADD CONSTRAINT known_language
    CHECK (language IN ('fr', 'fr-facile', 'en', 'ar', 'pt', 'es'));
