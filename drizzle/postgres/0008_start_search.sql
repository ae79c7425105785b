-- The words and terms of a message, divided by spaces, in the order of its text.
CREATE TABLE "search_words" (
	"id" bigint PRIMARY KEY NOT NULL,
	"words" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE INDEX "search_words_index" ON "search_words" USING gin (array_to_tsvector(string_to_array("words", ' '))) WITH (gin_pending_list_limit = 256);
--> statement-breakpoint
-- Functions, so that their settings leave the planner no other way than the index: its guesses how many messages have
-- a word are too wrong to choose by. For the same reason a sum stands where it could use the primary key.
CREATE FUNCTION "search_newest"(conditions tsquery, phrases text[], excluded text[], low bigint, high bigint, most bigint)
RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET jit = off
AS $$
	SELECT id FROM search_words
	WHERE array_to_tsvector(string_to_array(words, ' ')) @@ conditions
		AND id + 0 BETWEEN low AND high
		AND NOT EXISTS (SELECT FROM unnest(phrases) AS phrase WHERE strpos(' ' || words || ' ', phrase) = 0)
		AND NOT EXISTS (SELECT FROM unnest(excluded) AS phrase WHERE strpos(' ' || words || ' ', phrase) > 0)
	ORDER BY id DESC LIMIT most
$$;
--> statement-breakpoint
CREATE FUNCTION "search_some"(conditions tsquery, phrases text[], excluded text[], most bigint)
RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET jit = off
AS $$
	SELECT id FROM search_words
	WHERE array_to_tsvector(string_to_array(words, ' ')) @@ conditions
		AND NOT EXISTS (SELECT FROM unnest(phrases) AS phrase WHERE strpos(' ' || words || ' ', phrase) = 0)
		AND NOT EXISTS (SELECT FROM unnest(excluded) AS phrase WHERE strpos(' ' || words || ' ', phrase) > 0)
	LIMIT most
$$;
