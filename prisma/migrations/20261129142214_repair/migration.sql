-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "repair" INTEGER;

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "repair" JSONB,
ADD COLUMN     "repairedHits" BYTEA,
ADD COLUMN     "repairedLoss" DOUBLE PRECISION,
ADD COLUMN     "repairedTop1" DOUBLE PRECISION;


