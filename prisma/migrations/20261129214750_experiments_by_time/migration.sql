-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "profileId" TEXT;

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "latency" JSONB,
ADD COLUMN     "savedLatency" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "targetMs" DOUBLE PRECISION;

-- CreateIndex
CREATE INDEX "Experiment_profileId_idx" ON "Experiment"("profileId");

-- AddForeignKey
ALTER TABLE "Experiment" ADD CONSTRAINT "Experiment_profileId_fkey" FOREIGN KEY ("profileId") REFERENCES "DeviceProfile"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


