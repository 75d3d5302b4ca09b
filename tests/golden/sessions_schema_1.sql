CREATE TABLE schema_version (
    version INTEGER NOT NULL
);
INSERT INTO "schema_version" VALUES(1);
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
INSERT INTO "sessions" VALUES('2026-11-21-1200-calm-otter','camera','A sitting','small','fer7','2026-11-21T12:00:00+00:00','2026-11-21T12:00:01+00:00','self-practice','2026-11-21T12:00:00+00:00','2026-11-21T12:00:01+00:00');
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
INSERT INTO "session_thresholds" VALUES('2026-11-21-1200-calm-otter',0.4);
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
INSERT INTO observations (session_id,time_s,frame_index,face_id,box_left,box_top,box_right,box_bottom,confidence,usable,reason,brightness,blur,face_px,yaw,pitch,roll,eyes_open,scores,steady,latency_ms,event) VALUES('2026-11-21-1200-calm-otter',0.0,0,1,100.0,50.0,180.0,130.0,0.9,TRUE,'',0.5,120.0,120.0,0.0,0.0,0.0,0.9,'[0.03333333507180214, 0.03333333507180214, 0.03333333507180214, 0.800000011920929, 0.03333333507180214, 0.03333333507180214, 0.03333333507180214]','[0.03333333507180214, 0.03333333507180214, 0.03333333507180214, 0.800000011920929, 0.03333333507180214, 0.03333333507180214, 0.03333333507180214]',12.0,'');
INSERT INTO observations (session_id,time_s,frame_index,face_id,box_left,box_top,box_right,box_bottom,confidence,usable,reason,brightness,blur,face_px,yaw,pitch,roll,eyes_open,scores,steady,latency_ms,event) VALUES('2026-11-21-1200-calm-otter',0.0,0,2,200.0,50.0,280.0,130.0,0.9,TRUE,'',0.5,120.0,120.0,0.0,0.0,0.0,0.9,'[0.03333333507180214, 0.03333333507180214, 0.03333333507180214, 0.800000011920929, 0.03333333507180214, 0.03333333507180214, 0.03333333507180214]','[0.03333333507180214, 0.03333333507180214, 0.03333333507180214, 0.800000011920929, 0.03333333507180214, 0.03333333507180214, 0.03333333507180214]',12.0,'');
INSERT INTO observations (session_id,time_s,frame_index,face_id,box_left,box_top,box_right,box_bottom,confidence,usable,reason,brightness,blur,face_px,yaw,pitch,roll,eyes_open,scores,steady,latency_ms,event) VALUES('2026-11-21-1200-calm-otter',0.1,1,0,NULL,NULL,NULL,NULL,NULL,FALSE,'no_face',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,12.0,'');
INSERT INTO observations (session_id,time_s,frame_index,face_id,box_left,box_top,box_right,box_bottom,confidence,usable,reason,brightness,blur,face_px,yaw,pitch,roll,eyes_open,scores,steady,latency_ms,event) VALUES('2026-11-21-1200-calm-otter',0.2,2,1,100.0,50.0,180.0,130.0,0.9,FALSE,'too_dark',0.5,120.0,120.0,0.0,0.0,0.0,0.9,NULL,NULL,12.0,'a mark');
CREATE INDEX observations_by_time ON observations (session_id, time_s);
