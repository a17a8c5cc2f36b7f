-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "createdById" TEXT,
ADD COLUMN     "createdByKey" TEXT;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "createdById" TEXT,
ADD COLUMN     "createdByKey" TEXT;

-- CreateIndex
CREATE INDEX "Experiment_createdById_idx" ON "Experiment"("createdById");

-- CreateIndex
CREATE INDEX "Run_createdById_idx" ON "Run"("createdById");

-- AddForeignKey
ALTER TABLE "Experiment" ADD CONSTRAINT "Experiment_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;


