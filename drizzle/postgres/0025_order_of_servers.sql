ALTER TABLE "server_members" ADD COLUMN "list_position" bigint
