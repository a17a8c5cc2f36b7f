-- AlterTable
ALTER TABLE "Dataset" ADD COLUMN     "channels" INTEGER,
ADD COLUMN     "height" INTEGER,
ADD COLUMN     "mean" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[],
ADD COLUMN     "sheet" JSONB,
ADD COLUMN     "sheetSha256" TEXT,
ADD COLUMN     "std" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[],
ADD COLUMN     "width" INTEGER;

-- AlterTable
ALTER TABLE "DatasetSplit" ADD COLUMN     "classCounts" INTEGER[] DEFAULT ARRAY[]::INTEGER[];

-- CreateIndex
CREATE INDEX "Dataset_sheetSha256_idx" ON "Dataset"("sheetSha256");

-- AddForeignKey
ALTER TABLE "Dataset" ADD CONSTRAINT "Dataset_sheetSha256_fkey" FOREIGN KEY ("sheetSha256") REFERENCES "Artifact"("sha256") ON DELETE SET NULL ON UPDATE CASCADE;


