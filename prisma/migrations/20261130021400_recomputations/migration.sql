-- CreateEnum
CREATE TYPE "RecomputationState" AS ENUM ('waiting', 'running', 'done', 'failed');

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "recomputationId" TEXT;

-- CreateTable
CREATE TABLE "Recomputation" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "datasetId" TEXT,
    "images" INTEGER NOT NULL,
    "state" "RecomputationState" NOT NULL DEFAULT 'waiting',
    "error" TEXT,
    "engine" TEXT NOT NULL,
    "workerId" TEXT,
    "claim" INTEGER NOT NULL DEFAULT 0,
    "ticket" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "top1" DOUBLE PRECISION,
    "top5" DOUBLE PRECISION,
    "loss" DOUBLE PRECISION,
    "value" DOUBLE PRECISION,
    "told" DOUBLE PRECISION,
    "standardError" DOUBLE PRECISION,
    "decoding" INTEGER,
    "notes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "seconds" DOUBLE PRECISION,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Recomputation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Recomputation_teamId_createdAt_idx" ON "Recomputation"("teamId", "createdAt");

-- CreateIndex
CREATE INDEX "Recomputation_runId_createdAt_idx" ON "Recomputation"("runId", "createdAt");

-- CreateIndex
CREATE INDEX "Recomputation_datasetId_idx" ON "Recomputation"("datasetId");

-- CreateIndex
CREATE INDEX "Recomputation_workerId_idx" ON "Recomputation"("workerId");

-- CreateIndex
CREATE UNIQUE INDEX "PrunedResult_recomputationId_key" ON "PrunedResult"("recomputationId");

-- AddForeignKey
ALTER TABLE "PrunedResult" ADD CONSTRAINT "PrunedResult_recomputationId_fkey" FOREIGN KEY ("recomputationId") REFERENCES "Recomputation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Recomputation" ADD CONSTRAINT "Recomputation_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Recomputation" ADD CONSTRAINT "Recomputation_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Recomputation" ADD CONSTRAINT "Recomputation_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "Dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;


