-- Preprocessing and class order that were pushed beside a file: a download has them within.
ALTER TABLE "Model" ADD COLUMN     "metadataBeside" BOOLEAN NOT NULL DEFAULT false;
