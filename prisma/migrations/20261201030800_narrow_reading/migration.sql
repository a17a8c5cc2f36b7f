-- Texts of a JSON array in the order of their letters: channels are kept in whatever order they are named.
CREATE FUNCTION sorted_texts(list jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  (SELECT jsonb_agg(item ORDER BY item COLLATE "C")::text FROM jsonb_array_elements_text(list) AS item);

-- Worked out when a run is written, and not for each run whenever results are grouped by strategy.
ALTER TABLE "Run" ADD COLUMN "ownSetting" TEXT GENERATED ALWAYS AS (
  coalesce(("source" -> 'tool')::text, '-') || '|' || coalesce("rounds"::text, '-') || '|' || coalesce("recovery"::text, '-')
    || '|' || ("limits" - 'widths' - 'keep')::text || '|' || coalesce(sorted_texts("limits" -> 'keep'), '-')
) STORED;

-- Numbers of many results are read from here alone: a row with its structure and its bitmaps is ten times as large. The
-- condition always holds: Prisma takes no notice of an index that has one.
CREATE INDEX "PrunedResult_numbers" ON "PrunedResult" ("runId") INCLUDE ("networkHash", "sha256", "params", "macs", "top1",
  "value", "images", "latencyMs", "baseLatencyMs", "throughput", "baseThroughput", "engine", "decoding", "recomputationId")
  WHERE "runId" IS NOT NULL;
