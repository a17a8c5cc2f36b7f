-- CreateEnum
CREATE TYPE "Origin" AS ENUM ('espalier', 'external', 'published');

-- AlterTable
ALTER TABLE "SamplingRun" ADD COLUMN     "externalMetric" JSONB,
ADD COLUMN     "order" JSONB,
ADD COLUMN     "origin" "Origin" NOT NULL DEFAULT 'espalier',
ADD COLUMN     "projectId" TEXT,
ADD COLUMN     "source" JSONB,
ADD COLUMN     "teamId" TEXT;

-- AlterTable
ALTER TABLE "SamplePoint" ALTER COLUMN "top1" DROP NOT NULL,
ALTER COLUMN "loss" DROP NOT NULL;

-- CreateTable
CREATE TABLE "SentPoint" (
    "samplingRunId" TEXT NOT NULL,
    "groupIndex" INTEGER NOT NULL,
    "removed" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "loss" DOUBLE PRECISION,
    "images" INTEGER NOT NULL,
    "standardError" DOUBLE PRECISION,
    "hits" BYTEA,

    CONSTRAINT "SentPoint_pkey" PRIMARY KEY ("samplingRunId","groupIndex","removed")
);

-- CreateIndex
CREATE INDEX "SamplingRun_projectId_createdAt_idx" ON "SamplingRun"("projectId", "createdAt");

-- CreateIndex
CREATE INDEX "SamplingRun_teamId_idx" ON "SamplingRun"("teamId");

-- AddForeignKey
ALTER TABLE "SamplingRun" ADD CONSTRAINT "SamplingRun_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SamplingRun" ADD CONSTRAINT "SamplingRun_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SentPoint" ADD CONSTRAINT "SentPoint_samplingRunId_fkey" FOREIGN KEY ("samplingRunId") REFERENCES "SamplingRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;


