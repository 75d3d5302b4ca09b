CREATE TABLE schema_version (
    version INTEGER NOT NULL
);
CREATE TABLE sessions (
    id VARCHAR(64) NOT NULL,
    source VARCHAR(16) NOT NULL,
    title TEXT NOT NULL,
    card_name TEXT NOT NULL,
    scheme_name VARCHAR(32) NOT NULL,
    began_at VARCHAR(40) NOT NULL,
    ended_at VARCHAR(40),
    purpose VARCHAR(32) NOT NULL,
    consent_at VARCHAR(40),
    last_write_at VARCHAR(40) NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE session_labels (
    session_id VARCHAR(64) NOT NULL,
    labels TEXT NOT NULL,
    PRIMARY KEY (session_id),
    FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE TABLE session_thresholds (
    session_id VARCHAR(64) NOT NULL,
    not_sure_below DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (session_id),
    FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE TABLE session_pauses (
    row_id INTEGER NOT NULL,
    session_id VARCHAR(64) NOT NULL,
    time_s DOUBLE PRECISION NOT NULL,
    paused_s DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (row_id),
    FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE TABLE observations (
    row_id INTEGER NOT NULL,
    session_id VARCHAR(64) NOT NULL,
    time_s DOUBLE PRECISION NOT NULL,
    frame_index BIGINT NOT NULL,
    face_id INTEGER NOT NULL,
    box_left DOUBLE PRECISION,
    box_top DOUBLE PRECISION,
    box_right DOUBLE PRECISION,
    box_bottom DOUBLE PRECISION,
    confidence DOUBLE PRECISION,
    usable BOOLEAN NOT NULL,
    reason VARCHAR(16) NOT NULL,
    brightness DOUBLE PRECISION,
    blur DOUBLE PRECISION,
    face_px DOUBLE PRECISION,
    yaw DOUBLE PRECISION,
    pitch DOUBLE PRECISION,
    roll DOUBLE PRECISION,
    eyes_open DOUBLE PRECISION,
    scores TEXT,
    steady TEXT,
    latency_ms DOUBLE PRECISION,
    event TEXT NOT NULL,
    PRIMARY KEY (row_id),
    FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE TABLE observation_blendshapes (
    row_id INTEGER NOT NULL,
    thousandths VARCHAR(261) NOT NULL,
    PRIMARY KEY (row_id),
    FOREIGN KEY(row_id) REFERENCES observations (row_id) ON DELETE CASCADE
);
CREATE INDEX session_pauses_by_session ON session_pauses (session_id);
CREATE INDEX observations_by_time ON observations (session_id, time_s);
