-- CreateTable
CREATE TABLE "Measurement" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "networkHash" TEXT NOT NULL,
    "networkName" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "params" BIGINT NOT NULL,
    "macs" BIGINT NOT NULL,
    "engine" TEXT NOT NULL,
    "engineVersion" TEXT NOT NULL,
    "threads" INTEGER NOT NULL,
    "batch" INTEGER NOT NULL,
    "p50Ms" DOUBLE PRECISION NOT NULL,
    "p10Ms" DOUBLE PRECISION NOT NULL,
    "p90Ms" DOUBLE PRECISION NOT NULL,
    "imagesPerSecond" DOUBLE PRECISION NOT NULL,
    "repeats" INTEGER NOT NULL,
    "activationBytes" BIGINT NOT NULL,
    "predictedMs" DOUBLE PRECISION,
    "comparedHash" TEXT,
    "comparedName" TEXT,
    "ratio" DOUBLE PRECISION,
    "ratioLow" DOUBLE PRECISION,
    "ratioHigh" DOUBLE PRECISION,
    "checkRatio" DOUBLE PRECISION,
    "checkLow" DOUBLE PRECISION,
    "checkHigh" DOUBLE PRECISION,
    "measuredAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Measurement_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Measurement_deviceId_measuredAt_idx" ON "Measurement"("deviceId", "measuredAt");

-- CreateIndex
CREATE INDEX "Measurement_teamId_networkHash_idx" ON "Measurement"("teamId", "networkHash");

-- CreateIndex
CREATE INDEX "Measurement_createdById_idx" ON "Measurement"("createdById");

-- CreateIndex
CREATE UNIQUE INDEX "Measurement_teamId_hash_place_key" ON "Measurement"("teamId", "hash", "place");

-- AddForeignKey
ALTER TABLE "Measurement" ADD CONSTRAINT "Measurement_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Measurement" ADD CONSTRAINT "Measurement_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Measurement" ADD CONSTRAINT "Measurement_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;


