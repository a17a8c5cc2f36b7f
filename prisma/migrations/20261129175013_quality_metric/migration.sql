-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "outputWeights" JSONB,
ADD COLUMN     "qualityMetric" TEXT;

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "prunedValue" DOUBLE PRECISION,
ADD COLUMN     "repairedValue" DOUBLE PRECISION,
ADD COLUMN     "value" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "prunedValue" DOUBLE PRECISION,
ADD COLUMN     "repairedValue" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "SamplePoint" ADD COLUMN     "value" DOUBLE PRECISION,
ALTER COLUMN "top1" DROP NOT NULL,
ALTER COLUMN "loss" DROP NOT NULL;

-- AlterTable
ALTER TABLE "SamplingRun" ADD COLUMN     "baselineValue" DOUBLE PRECISION,
ADD COLUMN     "outputWeights" JSONB,
ADD COLUMN     "qualityMetric" TEXT;


