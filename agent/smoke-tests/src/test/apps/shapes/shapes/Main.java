package shapes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** 200 rows for each shape of input; batches are 20 calls of 10 rows. */
public class Main {
  private static final int ROWS = 200;
  private static final int BATCH = 10;

  public static void main(String[] args) {
    Inputs in = new Inputs();
    for (int i = 0; i < ROWS; i++) {
      one(in, i);
    }
    for (int first = 0; first < ROWS; first += BATCH) {
      batch(in, first);
    }
    in.matrix(new double[0][]);
    in.records(List.of());
    System.out.println("done");
  }

  private static void one(Inputs in, int i) {
    String c = "c" + i % 2;
    Inputs.Kind kind = i % 20 == 0 ? Inputs.Kind.LEFT : Inputs.Kind.RIGHT;
    in.doubles(new double[] {i, -i});
    in.floats(new float[] {i, -i});
    in.ints(new int[] {i, -i});
    in.longs(new long[] {i, -i});
    in.boxed(new Double[] {(double) i, -1.0 * i});
    in.objects(new Object[] {i, c});
    in.list(List.of((double) i, -1.0 * i));
    in.mixed(List.of((long) i, c, i % 2 == 0));
    in.map(Map.of("f", i, "c", c, "ssn", "secret"));
    in.record(new Inputs.Point(i, c, i % 4 == 0, kind));
    in.bean(new Inputs.Bean(i));
    Inputs.parameters(i, -i, c, i % 4 == 0, i % 2 == 0 ? 'x' : 'y', kind, (long) i);
    in.nothing(i);
    double[] many = new double[230];
    java.util.Arrays.fill(many, i);
    in.wide(many);
    in.middle(java.util.Arrays.copyOf(many, 51));
  }

  private static void batch(Inputs in, int first) {
    double[][] matrix = new double[BATCH][];
    float[][] floats = new float[BATCH][];
    List<Inputs.Row> records = new ArrayList<>();
    List<Map<String, Object>> maps = new ArrayList<>();
    List<List<Integer>> lists = new ArrayList<>();
    List<double[]> arrays = new ArrayList<>();
    List<Inputs.Bean> beans = new ArrayList<>();
    Inputs.Point[] points = new Inputs.Point[BATCH];
    for (int k = 0; k < BATCH; k++) {
      int i = first + k;
      matrix[k] = new double[] {i, -i};
      floats[k] = new float[] {i, -i};
      records.add(new Inputs.Row("r" + i, i, i));
      maps.add(Map.of("f", i, "c", "c" + i % 2));
      lists.add(List.of(i, -i));
      arrays.add(matrix[k]);
      beans.add(new Inputs.Bean(i));
      points[k] = new Inputs.Point(i, "c" + i % 2, i % 4 == 0, Inputs.Kind.RIGHT);
    }
    in.matrix(matrix);
    in.floatMatrix(floats);
    in.records(records);
    in.maps(maps);
    in.lists(lists);
    in.arrayList(arrays);
    in.beans(beans);
    in.recordArray(points);
    in.shorter(matrix);
    in.fewer(matrix);
  }
}
