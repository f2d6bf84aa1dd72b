-- When calendars take their owner's time, worked out from their objects. As in
-- the tables before, keys lead with the workspace and the collection, and who
-- writes holds the lock of the row in `collections`.

-- What the times of a calendar were worked out from, and the pages of 28 days
-- (numbered from 1970) that are kept, from the first up to, and without, the
-- end. A calendar without a row keeps no times.
CREATE TABLE busy_calendars (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    digest        bytea NOT NULL,
    first_page    integer NOT NULL,
    end_page      integer NOT NULL,
    PRIMARY KEY (workspace_id, collection_id)
);

-- A row for each page in which an object takes time. `starts` and `ends` are the
-- seconds (since 1970) around all its times there; see src/busy/times.rs.
CREATE TABLE busy_times (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    page          integer NOT NULL,
    name          text COLLATE "C" NOT NULL,
    starts        bigint NOT NULL,
    ends          bigint NOT NULL,
    times         bytea NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, page, name)
);

-- Times that are held for somebody until they lapse (milliseconds since 1970).
CREATE TABLE holds (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    token         bigint NOT NULL,
    starts        bigint NOT NULL,
    ends          bigint NOT NULL,
    lapses        bigint NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, token)
);
