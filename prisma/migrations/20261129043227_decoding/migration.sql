-- Images that are decoded by other rules are other pixels: what was measured on them is another result. All that is
-- there was measured on images as the first version decoded them.
-- DropIndex
DROP INDEX "BaseEvaluation_modelId_datasetHash_split_engine_key";

-- AlterTable
ALTER TABLE "BaseEvaluation" ADD COLUMN "decoding" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN "decoding" INTEGER NOT NULL DEFAULT 1;

-- CreateIndex
CREATE UNIQUE INDEX "BaseEvaluation_modelId_datasetHash_split_engine_decoding_key" ON "BaseEvaluation"("modelId", "datasetHash", "split", "engine", "decoding");


