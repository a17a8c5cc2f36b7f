-- AlterTable
ALTER TABLE "EpochMetric" ADD COLUMN     "value" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "BaseValue" (
    "modelId" TEXT NOT NULL,
    "datasetHash" TEXT NOT NULL,
    "split" TEXT NOT NULL,
    "evaluator" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "images" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "BaseValue_pkey" PRIMARY KEY ("modelId","datasetHash","split","evaluator","metric")
);

-- AddForeignKey
ALTER TABLE "BaseValue" ADD CONSTRAINT "BaseValue_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE CASCADE ON UPDATE CASCADE;


