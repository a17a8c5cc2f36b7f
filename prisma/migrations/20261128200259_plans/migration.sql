-- Stages are called what they do. What was called pruning set BatchNorm's statistics right.
ALTER TYPE "RunState" RENAME VALUE 'pruning' TO 'recalibrating';
ALTER TYPE "RunState" ADD VALUE 'cutting' BEFORE 'recalibrating';
ALTER TYPE "RunState" ADD VALUE 'repairing' BEFORE 'finetuning';
ALTER TYPE "RunState" ADD VALUE 'quantising' BEFORE 'evaluating';

UPDATE "RunEvent" SET "data" = jsonb_set("data", '{state}', '"recalibrating"')
WHERE "kind" IN ('state', 'created') AND "data"->>'state' = 'pruning';

UPDATE "PrunedResult"
SET "seconds" = ("seconds" - 'pruning') || jsonb_build_object('recalibrating', "seconds"->'pruning')
WHERE "seconds" ? 'pruning';

-- Views keep what the addresses of their pages say, or lists as the API takes them. The word may stand in others, too.
UPDATE "SavedView" SET "state" = jsonb_set("state", '{query}', to_jsonb(regexp_replace(
  "state"->>'query', '((?:^|&)states=(?:[^&]*(?:%2C|,))?)pruning(?=%2C|,|&|$)', '\1recalibrating')))
WHERE "state"->>'query' LIKE '%states=%pruning%';
UPDATE "SavedView" SET "state" = regexp_replace(
  "state"::text, '("states": \[[^]]*)"pruning"', '\1"recalibrating"', 'g')::jsonb
WHERE "state"::text LIKE '%"states": [%"pruning"%';

-- DropIndex
DROP INDEX "BaseEvaluation_modelId_datasetHash_split_key";

-- AlterTable
ALTER TABLE "BaseEvaluation" ADD COLUMN     "engine" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "allowInexact" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "limits" JSONB NOT NULL DEFAULT '{"align":1,"minWidth":1,"maxRatio":0.9,"keep":[]}';

-- AlterTable
ALTER TABLE "Model" ADD COLUMN     "metadata" JSONB;

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "engine" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "recovery" JSONB,
ADD COLUMN     "rounds" JSONB;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "limits" JSONB NOT NULL DEFAULT '{"align":1,"minWidth":1,"maxRatio":0.9,"keep":[]}',
ADD COLUMN     "recovery" JSONB,
ADD COLUMN     "rounds" INTEGER;

-- CreateIndex
CREATE UNIQUE INDEX "BaseEvaluation_modelId_datasetHash_split_engine_key" ON "BaseEvaluation"("modelId", "datasetHash", "split", "engine");


-- Rounds stood inside of the provenance.
UPDATE "PrunedResult"
SET "rounds" = "provenance"->'rounds', "provenance" = "provenance" - 'rounds'
WHERE "provenance" ? 'rounds';

-- What this allocation did by itself is now said with the run.
UPDATE "Run" SET "rounds" = 3 WHERE "allocation" = 'cie-iterative';
