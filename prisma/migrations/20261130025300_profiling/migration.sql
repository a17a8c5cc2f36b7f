-- CreateEnum
CREATE TYPE "ProfilingState" AS ENUM ('waiting', 'clearing', 'measuring', 'done', 'failed', 'cancelled');

-- AlterTable
ALTER TABLE "DeviceProfile" ADD COLUMN     "workerId" TEXT;

-- AlterTable
ALTER TABLE "Worker" ADD COLUMN     "cpu" TEXT,
ADD COLUMN     "engineVersion" TEXT,
ADD COLUMN     "platform" TEXT,
ADD COLUMN     "threads" INTEGER;

-- CreateTable
CREATE TABLE "Profiling" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "deviceId" TEXT,
    "deviceName" TEXT NOT NULL,
    "threads" INTEGER NOT NULL,
    "batch" INTEGER NOT NULL,
    "structures" INTEGER NOT NULL,
    "state" "ProfilingState" NOT NULL DEFAULT 'waiting',
    "error" TEXT,
    "workerId" TEXT,
    "claim" INTEGER NOT NULL DEFAULT 0,
    "ticket" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3),
    "sinceDone" INTEGER NOT NULL DEFAULT 0,
    "toldAt" TIMESTAMPTZ(3),
    "profileId" TEXT,
    "createdById" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Profiling_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Profiling_teamId_createdAt_idx" ON "Profiling"("teamId", "createdAt");

-- CreateIndex
CREATE INDEX "Profiling_host_state_idx" ON "Profiling"("host", "state");

-- CreateIndex
CREATE INDEX "Profiling_modelId_idx" ON "Profiling"("modelId");

-- CreateIndex
CREATE INDEX "Profiling_deviceId_idx" ON "Profiling"("deviceId");

-- CreateIndex
CREATE INDEX "Profiling_workerId_idx" ON "Profiling"("workerId");

-- CreateIndex
CREATE INDEX "Profiling_profileId_idx" ON "Profiling"("profileId");

-- CreateIndex
CREATE INDEX "Profiling_createdById_idx" ON "Profiling"("createdById");

-- CreateIndex
CREATE INDEX "DeviceProfile_workerId_idx" ON "DeviceProfile"("workerId");

-- AddForeignKey
ALTER TABLE "DeviceProfile" ADD CONSTRAINT "DeviceProfile_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profiling" ADD CONSTRAINT "Profiling_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profiling" ADD CONSTRAINT "Profiling_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profiling" ADD CONSTRAINT "Profiling_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profiling" ADD CONSTRAINT "Profiling_workerId_fkey" FOREIGN KEY ("workerId") REFERENCES "Worker"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profiling" ADD CONSTRAINT "Profiling_profileId_fkey" FOREIGN KEY ("profileId") REFERENCES "DeviceProfile"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profiling" ADD CONSTRAINT "Profiling_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;


