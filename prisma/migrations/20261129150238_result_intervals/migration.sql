-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "latencyHigh" DOUBLE PRECISION,
ADD COLUMN     "latencyLow" DOUBLE PRECISION,
ADD COLUMN     "throughputHigh" DOUBLE PRECISION,
ADD COLUMN     "throughputLow" DOUBLE PRECISION;


