-- Results from elsewhere of which numbers alone are told, and imports that go whole.

-- AlterTable
ALTER TABLE "BaseEvaluation" ALTER COLUMN "loss" DROP NOT NULL;

-- AlterTable
ALTER TABLE "ClientKey" ADD COLUMN     "importId" TEXT;

-- AlterTable
ALTER TABLE "EpochMetric" ALTER COLUMN "learningRate" DROP NOT NULL,
ALTER COLUMN "imagesPerSecond" DROP NOT NULL,
ALTER COLUMN "seconds" DROP NOT NULL;

-- AlterTable
ALTER TABLE "PrunedResult" ALTER COLUMN "sha256" DROP NOT NULL,
ALTER COLUMN "networkHash" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "ClientKey_teamId_importId_idx" ON "ClientKey"("teamId", "importId");

-- Only of what is reported there may be no network.
ALTER TABLE "PrunedResult" ADD CONSTRAINT "PrunedResult_network_check"
  CHECK (num_nulls("sha256", "networkHash") = CASE WHEN coalesce("evidence" = 'reported', false) THEN 2 ELSE 0 END);
