-- CreateEnum
CREATE TYPE "CostUnit" AS ENUM ('mac', 'twoPerMac');

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "baseThroughput" DOUBLE PRECISION,
ADD COLUMN     "throughput" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "PublishedResult" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "createdById" TEXT,
    "architecture" TEXT NOT NULL,
    "dataset" TEXT,
    "method" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "authors" TEXT,
    "year" INTEGER,
    "venue" TEXT,
    "url" TEXT,
    "doi" TEXT,
    "unit" "CostUnit",
    "accounting" TEXT,
    "baseTop1" DOUBLE PRECISION,
    "top1" DOUBLE PRECISION,
    "baseTop5" DOUBLE PRECISION,
    "top5" DOUBLE PRECISION,
    "savedMacs" DOUBLE PRECISION,
    "savedParams" DOUBLE PRECISION,
    "note" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PublishedResult_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "PublishedResult_teamId_createdAt_idx" ON "PublishedResult"("teamId", "createdAt");

-- CreateIndex
CREATE INDEX "PublishedResult_createdById_idx" ON "PublishedResult"("createdById");

-- AddForeignKey
ALTER TABLE "PublishedResult" ADD CONSTRAINT "PublishedResult_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PublishedResult" ADD CONSTRAINT "PublishedResult_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
