//! Files from sending to collecting, on both engines, in a folder and on an S3 server, and with everything gone that can go.

mod collecting;
mod failing;
mod growing;
mod keeping;
mod s3;
mod scanner;
mod serving;
mod uploads;
mod world;
