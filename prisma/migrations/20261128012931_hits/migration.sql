-- AlterTable
ALTER TABLE "BaseEvaluation" ADD COLUMN     "hits" BYTEA;

-- AlterTable
ALTER TABLE "PrunedResult" ADD COLUMN     "hits" BYTEA,
ADD COLUMN     "prunedHits" BYTEA;


