-- CreateTable
CREATE TABLE "Device" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "cpu" TEXT NOT NULL,
    "cores" INTEGER NOT NULL,
    "memoryBytes" BIGINT,
    "platform" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DeviceProfile" (
    "id" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "networkHash" TEXT NOT NULL,
    "networkName" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "engineVersion" TEXT NOT NULL,
    "threads" INTEGER NOT NULL,
    "batch" INTEGER NOT NULL,
    "baseMs" DOUBLE PRECISION NOT NULL,
    "smallestMs" DOUBLE PRECISION NOT NULL,
    "overheadMs" DOUBLE PRECISION NOT NULL,
    "errorMedian" DOUBLE PRECISION NOT NULL,
    "errorWorst" DOUBLE PRECISION NOT NULL,
    "checkRatio" DOUBLE PRECISION NOT NULL,
    "checkLow" DOUBLE PRECISION NOT NULL,
    "checkHigh" DOUBLE PRECISION NOT NULL,
    "kinds" JSONB NOT NULL,
    "heldOut" JSONB NOT NULL,
    "stairs" JSONB,
    "measuredAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "DeviceProfile_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Device_teamId_createdAt_idx" ON "Device"("teamId", "createdAt");

-- CreateIndex
CREATE INDEX "DeviceProfile_deviceId_createdAt_idx" ON "DeviceProfile"("deviceId", "createdAt");

-- CreateIndex
CREATE INDEX "DeviceProfile_teamId_networkHash_idx" ON "DeviceProfile"("teamId", "networkHash");

-- CreateIndex
CREATE INDEX "DeviceProfile_sha256_idx" ON "DeviceProfile"("sha256");

-- CreateIndex
CREATE INDEX "DeviceProfile_createdById_idx" ON "DeviceProfile"("createdById");

-- AddForeignKey
ALTER TABLE "Device" ADD CONSTRAINT "Device_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DeviceProfile" ADD CONSTRAINT "DeviceProfile_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DeviceProfile" ADD CONSTRAINT "DeviceProfile_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DeviceProfile" ADD CONSTRAINT "DeviceProfile_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "Artifact"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DeviceProfile" ADD CONSTRAINT "DeviceProfile_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A name is free once its device is in the trash, and a profile is there once.
CREATE UNIQUE INDEX "Device_name_key" ON "Device" ("teamId", lower("name")) WHERE "deletedAt" IS NULL;
CREATE UNIQUE INDEX "DeviceProfile_file_key" ON "DeviceProfile" ("teamId", "sha256") WHERE "deletedAt" IS NULL;
