-- CreateTable
CREATE TABLE "RunRepair" (
    "runId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "summary" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RunRepair_pkey" PRIMARY KEY ("runId","key")
);

-- CreateIndex
CREATE INDEX "RunRepair_sha256_idx" ON "RunRepair"("sha256");

-- AddForeignKey
ALTER TABLE "RunRepair" ADD CONSTRAINT "RunRepair_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunRepair" ADD CONSTRAINT "RunRepair_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "Artifact"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;


