-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "benchmarkId" TEXT,
ADD COLUMN     "section" INTEGER;

-- CreateTable
CREATE TABLE "Benchmark" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Benchmark_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Benchmark_teamId_createdAt_idx" ON "Benchmark"("teamId", "createdAt");

-- CreateIndex
CREATE INDEX "Experiment_benchmarkId_idx" ON "Experiment"("benchmarkId");

-- AddForeignKey
ALTER TABLE "Experiment" ADD CONSTRAINT "Experiment_benchmarkId_fkey" FOREIGN KEY ("benchmarkId") REFERENCES "Benchmark"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Benchmark" ADD CONSTRAINT "Benchmark_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


