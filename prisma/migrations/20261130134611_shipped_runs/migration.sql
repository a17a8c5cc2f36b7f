-- CreateTable
CREATE TABLE "ShippedRun" (
    "runId" TEXT NOT NULL,
    "shippedById" TEXT,
    "shippedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ShippedRun_pkey" PRIMARY KEY ("runId")
);

-- AddForeignKey
ALTER TABLE "ShippedRun" ADD CONSTRAINT "ShippedRun_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ShippedRun" ADD CONSTRAINT "ShippedRun_shippedById_fkey" FOREIGN KEY ("shippedById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;


