"""The readers that turn files, folders, archives and objects into rows of arrays, tables or albums of pictures."""
