-- CreateEnum
CREATE TYPE "KeyScope" AS ENUM ('read', 'run', 'produce', 'administer');

-- AlterTable
ALTER TABLE "ApiKey" ADD COLUMN     "projectIds" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "scopes" "KeyScope"[];

-- AlterTable
ALTER TABLE "Upload" ADD COLUMN     "apiKeyId" TEXT;

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "emailSince" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "operator" BOOLEAN NOT NULL DEFAULT false;



-- Since when somebody has their address was not kept: it is no later than the last change of the person.
UPDATE "User" SET "emailSince" = "updatedAt";

-- Keys may what they could, but for what takes signing in by now.
UPDATE "ApiKey" SET "scopes" = CASE "role"
  WHEN 'viewer' THEN ARRAY['read']
  WHEN 'editor' THEN ARRAY['read', 'run', 'produce']
  ELSE ARRAY['read', 'run', 'produce', 'administer']
END::"KeyScope"[];

-- Who set the installation up: the administrators of its oldest team.
UPDATE "User" SET "operator" = true WHERE "id" IN (
  SELECT "userId" FROM "Membership"
  WHERE "role" = 'admin' AND "teamId" = (SELECT "id" FROM "Team" ORDER BY "createdAt", "id" LIMIT 1)
);
