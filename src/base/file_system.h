#pragma once

namespace enamel {

// What is known of the file system that an open file or folder lies on. Both say true where the kernel does
// not tell.

// It may be on another computer, or driven by a program (FUSE): its clock is not ours, and what it shows may
// be older than what is there.
bool isRemoteFileSystem(int fd);

// Its files may change twice within one step of their time stamps: those of FAT, exFAT and of some network
// storages move in steps of one or two seconds.
bool hasCoarseTimes(int fd);

}  // namespace enamel
